"""The one settings file. Every variable is read once, typed, and listed in `.env.example`."""

from urllib.parse import urlsplit

import bootstrap_wrapper
from django.core.exceptions import ImproperlyConfigured

from config.environment import (
    BASE_DIR,
    database_of,
    env,
    files_of,
    is_address_of_person,
    is_mail_address,
    is_place_of_files,
    is_rate,
    read,
    starts_with,
)
from config.schedule import SCHEDULE
from core import embedded

# --- what kind of site this is -------------------------------------------------------------
DEMO = read("bool", "FOOTBRIDGE_DEMO", False, "Write 1 for a demonstration site, else 0.")
DEBUG = read("bool", "DEBUG", False, "Write 1 on a developer's machine only, else 0.")
SECRET_KEY = read(
    "str",
    "SECRET_KEY",
    "",
    "Write at least 50 random characters, kept secret.",
    fits=lambda value: len(value) >= 50,
)
if not SECRET_KEY and (DEMO or DEBUG):
    SECRET_KEY = embedded.kept_secret()
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing. Write at least 50 random characters, kept secret."
    )
SITE_URL = read(
    "str",
    "SITE_URL",
    "http://localhost:8000",
    "Write the address people type, with https://.",
    fits=starts_with("http://", "https://"),
).rstrip("/")
BEHIND_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = read(
    "list",
    "ALLOWED_HOSTS",
    [],
    "Write the host names of the site, separated by commas, each in full.",
    fits=lambda hosts: "*" not in hosts,
) or ([urlsplit(SITE_URL).hostname] if BEHIND_HTTPS else ["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = int(
    read(
        "str",
        "TRUSTED_PROXIES",
        "",
        "Write how many proxies of your own stand before the site: 0, 1, 2.",
        fits="0123456789".__contains__,
    )
    or BEHIND_HTTPS
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- who answers for the site ---------------------------------------------------------------
# Nobody is made up on a real site: where one of these is not set, the pages say so.
_body = "University of Wexborough" if DEMO else ""
_at = "@demo.footbridge.example"
_help, _dpo, _complaints = (f"{who}{_at}" if DEMO else "" for who in ("help", "dpo", "complaints"))
_hint = "Write an e-mail address."
_fits = is_address_of_person
OPERATOR = {
    "name": read("str", "SITE_OPERATOR", _body, "Write the name of the body that runs the site."),
    "contact": read("str", "SITE_CONTACT", _help, _hint, fits=_fits),
    "data_protection": read("str", "DATA_PROTECTION_CONTACT", _dpo, _hint, fits=_fits),
    "complaints": read("str", "COMPLAINTS_CONTACT", _complaints, _hint, fits=_fits),
}

# --- the servers ---------------------------------------------------------------------------
VAR_DIR = embedded.var_dir()
_database_url = read("str", "DATABASE_URL", "", "Write postgresql://user:password@host:5432/name.")
DATABASES = {
    "default": {
        **(database_of(_database_url) if _database_url else embedded.database_settings()),
        "ENGINE": "core.dbbackend",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = read(
    "str",
    "REDIS_URL",
    "",
    "Write redis://host:6379/0.",
    fits=starts_with("redis://", "rediss://"),
)
REDIS_EMBEDDED = not REDIS_URL
REDIS_PATIENCE = 2
# Two sites may share one Redis: the word that parts their queues parts their caches too.
CELERY_TASK_DEFAULT_QUEUE = read("str", "JOB_QUEUE", "footbridge", "Write a word.")
CACHES = {
    "default": {
        "BACKEND": "core.cachebackend.RedisCache",
        "LOCATION": REDIS_URL or embedded.redis_cache_url(),
        "KEY_PREFIX": CELERY_TASK_DEFAULT_QUEUE,
        "OPTIONS": {
            "embedded": REDIS_EMBEDDED,
            "socket_connect_timeout": REDIS_PATIENCE,
            "socket_timeout": REDIS_PATIENCE,
        },
    }
}
CELERY_BROKER_URL = REDIS_URL or embedded.redis_broker_url()
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = REDIS_PATIENCE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = SCHEDULE
_hint = "Write a number of days, 1 or more."
JOB_FILES_KEPT_DAYS = read("int", "JOB_FILES_KEPT_DAYS", 30, _hint, fits=lambda days: days >= 1)

# Where the nightly fetch finds the DfE's files; '' is not fetched.
_fits, _hint = is_place_of_files, "Write a folder, or an address with {date:%Y%m%d} for the day."
REGISTER_SOURCE = read("str", "REGISTER_SOURCE", "", _hint, fits=_fits)
REGISTER_GROUPS_SOURCE = read("str", "REGISTER_GROUPS_SOURCE", "", _hint, fits=_fits)
REGISTER_LINKS_SOURCE = read("str", "REGISTER_LINKS_SOURCE", "", _hint, fits=_fits)

EMAIL_URL = read(
    "str", "EMAIL_URL", "", "Write smtp+tls://user:password@host:587.", fits=is_mail_address
)
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = read(
    "str", "DEFAULT_FROM_EMAIL", "Footbridge <footbridge@localhost>", "Write Name <address>."
)

# --- the application -----------------------------------------------------------------------
INSTALLED_APPS = [
    "dashboards",
    "evaluation",
    "activities",
    "needs",
    "partnerships",
    "schools",
    "accounts",
    "core",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "rules",
]
MIDDLEWARE = [
    "core.middleware.RequestReference",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.NothingKept",
    "core.middleware.DeviceKept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.sessions.Renewal",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.LoginRequired",
    "core.middleware.RowScope",
    "core.limits.Refusals",
    "core.intake.WithoutUnseen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboards.context.shell",
            ],
            "builtins": ["core.templatetags.components"],
        },
    }
]
FORM_RENDERER = "core.widgets.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- who signs in --------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboards:home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.LoginForm",
    "request_login_code": "accounts.sign_in.RequestLoginCodeForm",
    "confirm_login_code": "accounts.sign_in.ConfirmLoginCodeForm",
    "reset_password": "accounts.sign_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in.ResetPasswordKeyForm",
    "user_token": "accounts.sign_in.UserTokenForm",
    "change_password": "accounts.sign_in.ChangePasswordForm",
    "set_password": "accounts.sign_in.SetPasswordForm",
    "reauthenticate": "accounts.sign_in.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
# The library's limits let anybody lock an account by failing on it, and keep everybody out while
# Redis is away. `accounts.throttle` counts instead; another code is asked for like the first.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = False
PASSWORD_RESET_TIMEOUT = 4 * 3600
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# --- pages ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "static/"
# Tom Select and Leaflet: only the packages' files, so their apps are not installed.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
    ("django_tomselect", files_of("django_tomselect")),
    ("leaflet", files_of("js_lib_leaflet")),
]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not (DEMO or DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO or DEBUG
SILENCED_SYSTEM_CHECKS = []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS and TRUSTED_PROXIES else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_HTTPS
SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# A browser takes a cookie named __Host- only over HTTPS and from this host itself.
_cookie = "__Host-{}" if BEHIND_HTTPS else "{}"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = _cookie.format("sessionid")
SESSION_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A sign-in ends with the browser, and 12 hours after the last page (`accounts.sessions`).
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = _cookie.format("csrftoken")
CSRF_COOKIE_SECURE = BEHIND_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
RECOGNISED_COOKIE_NAME = _cookie.format("browser")
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 262_144
FILE_UPLOAD_HANDLERS = [
    "core.intake.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Bytes of a request with files: by the name of the page that takes them, "" for all others.
UPLOAD_LARGEST = {
    "": DATA_UPLOAD_MAX_MEMORY_SIZE,
    "schools:upload_register": 209_780_736,
    "schools:profile_postcodes": 55_050_240,
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "partnerships.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.intake.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Schema",
    "DEFAULT_FILTER_BACKENDS": ["core.api.filters.Backend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pages.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttles.MemberThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "member": read(
            "str", "API_RATE", "600/min", "Write a number a minute, as in 600/min.", fits=is_rate
        ),
        "stranger": read(
            "str", "API_STRANGER_RATE", "60/min", "Write a number a minute: 60/min.", fits=is_rate
        ),
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "core.api.errors.answer_error",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Footbridge API",
    "DESCRIPTION": "Schools, needs and activities of the partnerships you belong to.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.add_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {"RatingValueEnum": "needs.models.Value"},
}

ADMIN_PATH = "admin"
LOG_LEVEL = read(
    "str",
    "LOG_LEVEL",
    "INFO",
    "Write DEBUG, INFO, WARNING or ERROR.",
    fits={"DEBUG", "INFO", "WARNING", "ERROR"}.__contains__,
)
LOGGING_CONFIG = None
