"""Can users sign in, and who tries to get in?"""

from collections.abc import Iterator, Mapping

import pulumi

from components.monitoring.alarms import ABOVE, ABOVE_BAND, Alarm, Composite
from components.monitoring.counters import Counters
from components.monitoring.metrics import Band, Formula, Metric

# The authorizer logs one such JSON line for every token it denies.
DENIED = '{ $.outcome = "denied" }'
# Lines of the audit log.
SIGNED_IN = '{ $.event = "login" }'
REFUSED = '{ $.event = "login_refused" }'
REGISTERED = '{ $.event = "client_registered" }'
QUARTER_SECONDS = 900
LEAST_REFUSED = 5
MOST_REFUSED = 0.5
# Fewer registrations in 15 minutes are nothing to look at, however unusual they are.
MANY_REGISTRATIONS = 20
DEVIATIONS = 4
SPIKE = "unusually-many-clients-register"


def declare_denials(counters: Counters, log_groups: Mapping[str, pulumi.Input[str]]) -> Metric:
    """Declare the counter of the tokens that the authorizer denies."""
    return counters.count("authorizer-denials", DENIED, log_groups)


def declare_sign_ins(counters: Counters, audit_log_name: pulumi.Input[str]) -> Metric:
    """Declare the metric that is 1 for each sign-in that failed and 0 for each that succeeded."""
    return counters.count_share("sign-in-failures", REFUSED, SIGNED_IN, audit_log_name)


def declare_registrations(counters: Counters, audit_log_name: pulumi.Input[str]) -> Metric:
    """Declare the counter of registered clients. It is 0 without any, so that CloudWatch learns what is usual."""
    return counters.count("registrations", REGISTERED, {"audit-log": audit_log_name}, default=0)


def denials_alarm(denials: Metric, most: int) -> Alarm:
    """Return the alarm that rings when more than ``most`` tokens are denied."""
    return Alarm(
        name="authorizer-denials",
        section="many-tokens-are-denied",
        description=f"The authorizer denied more than {most} tokens in 5 minutes.",
        watched=denials,
        threshold=most,
        comparison=ABOVE,
    )


def sign_in_alarm(sign_ins: Metric) -> Alarm:
    """Return the alarm that rings when most users who come back from the identity provider are refused."""
    return Alarm(
        name="sign-in-failures",
        section="sign-ins-fail",
        description="More than half of all sign-ins in 15 minutes failed.",
        watched=Formula(
            f"IF(refused >= {LEAST_REFUSED}, refused / signIns, 0)",
            {"refused": sign_ins.by("Sum"), "signIns": sign_ins.by("SampleCount")},
            "Sign-ins that fail",
        ),
        threshold=MOST_REFUSED,
        comparison=ABOVE,
        period=QUARTER_SECONDS,
    )


def registration_alarms(registrations: Metric) -> Iterator[Alarm | Composite]:
    """Return the alarms on registrations. Only the one that combines the others tells.

    What is usual where almost nobody registers is almost nothing, so that one client would be unusual.
    """
    yield Alarm(
        name="registrations-unusual",
        section=SPIKE,
        description="More clients registered in 15 minutes than is usual at this time.",
        watched=Band(registrations, DEVIATIONS),
        comparison=ABOVE_BAND,
        period=QUARTER_SECONDS,
        tells=False,
    )
    yield Alarm(
        name="registrations-many",
        section=SPIKE,
        description=f"At least {MANY_REGISTRATIONS} clients registered in 15 minutes.",
        watched=registrations,
        threshold=MANY_REGISTRATIONS,
        period=QUARTER_SECONDS,
        tells=False,
    )
    yield Composite(
        name="registrations",
        section=SPIKE,
        description="Many more clients register than usual.",
        any_of=[["registrations-unusual", "registrations-many"]],
    )
