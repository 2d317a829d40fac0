"""What the beat starts, and how often; a tick that waited too long is let go."""

SCHEDULE = {
    "sweep jobs": {"task": "core.tasks.sweep_jobs", "schedule": 10.0, "options": {"expires": 9}},
    "expire job files": {
        "task": "core.tasks.expire_job_files",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
}
