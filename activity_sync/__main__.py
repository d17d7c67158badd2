"""`python -m activity_sync`, and the command `activity-sync`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from activity_sync.cli import app

    app()


if __name__ == "__main__":
    main()
