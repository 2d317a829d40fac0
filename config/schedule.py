"""What the beat starts, and how often; a tick that waited too long is let go."""

from celery.schedules import crontab

SCHEDULE = {
    "sweep jobs": {"task": "core.tasks.sweep_jobs", "schedule": 10.0, "options": {"expires": 9}},
    "expire job files": {
        "task": "core.tasks.expire_job_files",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "fetch the register": {
        "task": "schools.tasks.fetch_register",
        "schedule": crontab(hour=4, minute=30),
        "options": {"expires": 6 * 3600},
    },
}
