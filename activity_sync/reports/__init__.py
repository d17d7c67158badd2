"""Read-only answers for every face: functions of a Session and settings that return plain data."""
