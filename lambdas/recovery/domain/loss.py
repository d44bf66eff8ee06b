"""Whether somebody is gone of whom no deletion is told."""

from collections.abc import Sequence

from lambdas.recovery.domain.reading import Past


def is_lost(versions: Sequence[Past]) -> bool:
    """Tell whether a user without a current row, who has these versions, was deleted by nobody.

    A deletion answers for all versions before it, and for one that supersedes the same version: of two such
    writes in two Regions either may win. Versions that expire go before the deletion after them does.
    """
    deletions = [version for version in versions if version.deletes]
    newest = max((one for one in versions if not one.deletes), key=lambda one: one.version_id, default=None)
    if newest is None:
        return False
    return not any(
        one.version_id > newest.version_id or one.supersedes == newest.supersedes for one in deletions
    )
