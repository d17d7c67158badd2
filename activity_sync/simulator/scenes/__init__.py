"""What happens to the made-up company in two weeks, and what has to become of it. Demo and tests share this.

Each theme is one file. Nothing here is drawn by chance; days are counted in working days from the day of the show.
"""

from activity_sync.simulator.scenes import calls, changes, first_matches, hard_matches, lost_calls, owners, screening
from activity_sync.simulator.scenes.actions import Action, Ago, At
from activity_sync.simulator.scenes.scene import Expected, Scene

SCENES: tuple[Scene, ...] = (
    *first_matches.SCENES,
    *hard_matches.SCENES,
    *owners.SCENES,
    *screening.SCENES,
    *changes.SCENES,
    *calls.SCENES,
    *lost_calls.SCENES,
)

__all__ = ["SCENES", "Action", "Ago", "At", "Expected", "Scene"]
