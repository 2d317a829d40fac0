"""The site as it stands on the public net: each test asks a process with a real site's settings."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from core.tests.outages import own_redis
from core.tests.worker import database_url

PASSWORD = "a-long-password-9"
SITE = {
    "FOOTBRIDGE_DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": "kept-secret-" + "0123456789abcdefghijkLMNOPQRSTUVWXYZ" * 2,
    "SITE_URL": "https://footbridge.example",
    "ALLOWED_HOSTS": "",
    "TRUSTED_PROXIES": "",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
}
LOCKED = {"path": "/", "secure": True, "httponly": True, "samesite": "Lax"}
WANTED = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "serial=(), hid=(), midi=(), display-capture=()",
}
POLICY = [
    *("base-uri 'none'", "connect-src 'self'", "default-src 'none'", "form-action 'self'"),
    *("frame-ancestors 'none'", "img-src 'self' data:", "script-src 'self'", "style-src 'self'"),
]
SIGN_IN = """
import json, django
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
from django.test import Client
ask = {"HTTP_HOST": "footbridge.example", "HTTP_X_FORWARDED_PROTO": "https"}
client = Client(enforce_csrf_checks=True, **ask)
page = client.get("/accounts/login/")
token = client.cookies["__Host-csrftoken"].value
form = {"login": "jo@x.example", "password": "a-long-password-9", "csrfmiddlewaretoken": token}
ours = {"HTTP_REFERER": "https://footbridge.example/accounts/login/"}
answer = client.post("/accounts/login/", form, **ours)
other = Client(HTTP_HOST="footbridge.example").get("/accounts/login/")
forged = Client(HTTP_HOST="evil.example", HTTP_X_FORWARDED_PROTO="https").get("/accounts/login/")
local = Client(HTTP_HOST="footbridge.example").get("/healthz")
crossed = client.post("/accounts/login/", form, HTTP_REFERER="https://evil.example/")
print(json.dumps({
    "page": [page.status_code, dict(page.headers)],
    "answer": [answer.status_code, answer.headers["Location"]],
    "cookies": {name: {key: value for key, value in cookie.items() if value and key != "expires"}
                for name, cookie in client.cookies.items()},
    "plain": [other.status_code, other.headers["Location"]],
    "forged": forged.status_code,
    "health": local.status_code,
    "crossed": crossed.status_code,
}))
"""


def run(*command, **variables):
    without_ours = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    process = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={**without_ours, "DJANGO_SETTINGS_MODULE": "config.settings", **SITE, **variables},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return process


@pytest.fixture
def site(transactional_db, tmp_path, django_user_model):
    """What a browser sees of a site on the public net, and of a sign-in there."""
    django_user_model.objects.create_user("jo@x.example", PASSWORD, name="Jo Ferris")
    with own_redis(tmp_path) as redis:
        places = {"DATABASE_URL": database_url(), "REDIS_URL": redis.url}
        return json.loads(run("-c", SIGN_IN, FOOTBRIDGE_VAR=str(tmp_path), **places).stdout)


def test_check_deploy_warns_of_nothing(tmp_path):
    said = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"), FOOTBRIDGE_VAR=str(tmp_path)
    )

    assert "no issues" in said.stdout + said.stderr
    assert settings.SILENCED_SYSTEM_CHECKS == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_page_on_the_public_net(site):
    status, headers = site["page"]

    assert status == 200
    assert {name: headers[name] for name in WANTED} == WANTED
    assert sorted(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert site["plain"] == [301, "https://footbridge.example/accounts/login/"]
    assert site["health"] == 200
    assert site["forged"] == 400
    assert site["crossed"] == 403
    assert site["answer"] == [302, "/"]
    assert site["cookies"] == {
        "__Host-csrftoken": {**LOCKED, "max-age": 31449600},
        "__Host-sessionid": LOCKED,
        "__Host-browser": {**LOCKED, "max-age": 15552000},
    }


SHOWN = (
    "import json; from config import settings as s; print(json.dumps([s.ALLOWED_HOSTS, "
    "s.TRUSTED_PROXIES, s.SECURE_PROXY_SSL_HEADER, s.SESSION_COOKIE_NAME]))"
)
HEADER = ["HTTP_X_FORWARDED_PROTO", "https"]
LOCAL = ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, [["footbridge.example"], 1, HEADER, "__Host-sessionid"]),
        ({"TRUSTED_PROXIES": "2"}, [["footbridge.example"], 2, HEADER, "__Host-sessionid"]),
        ({"TRUSTED_PROXIES": "0"}, [["footbridge.example"], 0, None, "__Host-sessionid"]),
        ({"ALLOWED_HOSTS": "a.example,b.example"}, [["a.example", "b.example"], 1, HEADER, None]),
        ({"SITE_URL": "http://localhost:8000"}, [LOCAL, 0, None, "sessionid"]),
    ],
)
def test_who_is_trusted(tmp_path, variables, found):
    shown = json.loads(run("-c", SHOWN, FOOTBRIDGE_VAR=str(tmp_path), **variables).stdout)

    assert shown[:3] == found[:3]
    assert found[3] in (shown[3], None)
