"""The log: one JSON object a line, without names, addresses, search words or what was sent."""

import logging
import logging.config
import re
import traceback

import structlog

PERSONAL = frozenset(
    [
        "address",
        "body",
        "cookies",
        "data",
        "email",
        "headers",
        "host",
        "ip",
        "learner",
        "name",
        "params",
        "password",
        "path",
        "phone",
        "postcode",
        "query",
        "search",
        "text",
        "token",
        "url",
        "user_agent",
        "username",
    ]
)
EMAIL = re.compile(r"[^\s@<>\"'=(]+@[^\s@<>\"'),]+")
IP = re.compile(
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]{0,4}"
)
QUERY = re.compile(r"\?[^\s\"']+")


def _scrubbed(value):
    if isinstance(value, str):
        return QUERY.sub("?[left out]", IP.sub("[IP]", EMAIL.sub("[e-mail]", value)))
    if isinstance(value, dict):
        return {key: _scrubbed(inner) for key, inner in value.items() if key not in PERSONAL}
    if isinstance(value, (list, tuple)):
        return [_scrubbed(inner) for inner in value]
    return value


def without_personal_data(logger, method, event):
    """Drop fields that hold personal data and scrub what slipped into the words."""
    at = event.pop("timestamp", None)
    return {"timestamp": at, **_scrubbed(event)}


def _one_fault(error):
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "type": type(error).__name__,
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def faults(logger, method, event):
    """Write what failed and where. Its message stays out: it may quote what a person entered."""
    info = event.pop("exc_info", None)
    if info is True or isinstance(info, tuple):
        info = structlog.processors._figure_out_exc_info(info)[1]
    found = []
    while isinstance(info, BaseException):
        found.append(_one_fault(info))
        info = info.__cause__ or info.__context__
    if found:
        event["fault"] = found
    return event


def route_for_path(logger, method, event):
    """Name the route where Django would write the path, which may hold a one-time key."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    if request is None:
        return event
    match = getattr(request, "resolver_match", None)
    event["event"] = "answered with an error"
    event["route"] = f"/{match.route}" if match else "none"
    event["status"] = getattr(record, "status_code", None)
    event["request"] = getattr(request, "reference", None)
    return event


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def formatter():
    """Make the formatter that turns any record, ours or another library's, into its line."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*SHARED, route_for_path],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            faults,
            without_personal_data,
            structlog.processors.JSONRenderer(),
        ],
    )


def configure(level):
    """Send every logger, ours and others', through the same processors to standard error."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": formatter}},
            "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["lines"], "level": level},
            "loggers": {"django.server": {"level": "WARNING"}, "kombu": {"level": "WARNING"}},
        }
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
