"""What may lie in a folder beside a database."""

import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

LEFT_OVER = timedelta(days=1)


def remove_left_over(folder: Path, pattern: str, at: datetime) -> None:
    """Remove what a process that was killed left behind more than a day before a moment: it holds everything
    that the database does."""
    for path in folder.glob(pattern):
        made = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
        if made < at - LEFT_OVER and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif made < at - LEFT_OVER:
            path.unlink(missing_ok=True)


def world_readable(path: Path) -> bool:
    """Whether other users of this machine can read a database file."""
    return path.exists() and bool(path.stat().st_mode & stat.S_IROTH)
