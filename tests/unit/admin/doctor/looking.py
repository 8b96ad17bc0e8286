"""Looking at a deployment without the command."""

from collections.abc import Callable, Sequence

from admin.doctor.clients import PROFILES
from admin.doctor.examination import examine
from admin.doctor.finding import Verdict
from admin.doctor.identity import Registrations
from admin.doctor.profile import Profile
from admin.doctor.session import Machine
from admin.doctor.web import Web, origin
from tests.unit.admin.doctor.deployment import Deployment

ALL = frozenset(profile.name for profile in PROFILES)
Verdicts = dict[str, Verdict]


def look(
    deployment: Deployment, clock: Callable[[], float] = lambda: 0.0, profiles: Sequence[Profile] = PROFILES
) -> Verdicts:
    """Return the verdict on each client. All that was registered must be deleted."""
    verdicts, left = look_and_delete(deployment, clock, profiles)
    assert left == []
    return verdicts


def look_and_delete(
    deployment: Deployment, clock: Callable[[], float], profiles: Sequence[Profile]
) -> tuple[Verdicts, list[str]]:
    """Return the verdict on each client, and the ids of those that could not be deleted."""
    web = Web(origin(deployment.url), 15, clock=clock)
    registrations = Registrations(web)
    machine = Machine(web, registrations, None)
    verdicts = list(examine(f"{deployment.url}/mcp", profiles, web, registrations, machine))
    return {verdict.client: verdict for verdict in verdicts}, registrations.delete_all()


def red(verdicts: Verdicts) -> frozenset[str]:
    """Return the clients that were stopped."""
    return frozenset(name for name, verdict in verdicts.items() if not verdict.passed)
