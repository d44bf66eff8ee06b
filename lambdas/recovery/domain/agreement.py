"""Whether the row of a user says what the history row of its version says."""

from datetime import datetime, timedelta

from lambdas.recovery.domain.reading import VERSION, Current, Row, profile, recorded_profile


def disagreement(
    current: Current, recorded: Row | None, *, now: datetime, retention: timedelta
) -> str | None:
    """Say what is wrong between a current row and the history row of its version, or None.

    A history row that is missing is no fault once its version is older than `retention`: DynamoDB removes it,
    while the current row stays. `now` is aware.
    """
    row, user_id = current.row, current.user_id
    at = row.get("updated_at", {}).get("S")
    if current.version_id != f"{at}#{row.get('region', {}).get('S')}":
        return f"the current row of {user_id} has a version_id of another time or region"
    if recorded is None:
        return None if _may_have_expired(str(at), now - retention) else f"{user_id} has no history row"
    different = [
        *(name for name in VERSION if row.get(name) != recorded.get(name)),
        *_different(profile(row), recorded_profile(recorded)),
    ]
    return f"{user_id} differs from its history row in {', '.join(different)}" if different else None


def _may_have_expired(at: str, before: datetime) -> bool:
    """Tell whether a version is from before a time; one whose time cannot be read is not."""
    try:
        return datetime.fromisoformat(at) <= before
    except (ValueError, TypeError):
        return False


def _different(one: Row, other: Row) -> list[str]:
    """Return the names of the fields in which two profiles differ."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
