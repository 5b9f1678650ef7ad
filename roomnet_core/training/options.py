"""The recipes a person can choose, and what can be changed about them, with meanings and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roomnet_core.errors import TrainingError

QUICK, STANDARD, CLASSIC = "quick", "standard", "classic"
INT, FLOAT, CHOICE = "int", "float", "choice"


@dataclass(frozen=True, slots=True)
class RecipeChoice:
    """`name` is for programs, `title` and `text` for people."""

    name: str
    title: str
    text: str


RECIPES = (
    RecipeChoice(
        QUICK,
        "Quick",
        "Trains the last layer of a network that knows houses already. About a minute for 1,000 photos.",
    ),
    RecipeChoice(
        STANDARD,
        "Standard",
        "Trains a whole network that knows houses already, on your photos. Minutes to half an hour for 1,000 photos.",
    ),
    RecipeChoice(
        CLASSIC,
        "From scratch",
        "Trains the original RoomNet from random weights, as its author did. It needs thousands of photos, and hours.",
    ),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice under Advanced. `kind`: `int`, `float` or `choice`; `defaults` by recipe say where it applies.

    A number lies in `low` .. `high`; a choice is one of `choices`. `meaning` explains it.
    """

    name: str
    title: str
    meaning: str
    kind: str
    defaults: Mapping[str, Any]
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()

    @property
    def recipes(self) -> tuple[str, ...]:
        return tuple(self.defaults)

    def default(self, recipe: str) -> Any:
        return self.defaults[recipe]


OPTIONS = (
    Option(
        "epochs",
        "Epochs",
        "How often every photo is looked at. More takes longer, and in the end learns the photos by heart.",
        INT,
        {QUICK: 15, STANDARD: 6, CLASSIC: 36},
        1,
        1000,
    ),
    Option(
        "batch_size",
        "Batch size",
        "How many photos are looked at before the network is corrected. Larger is steadier and takes more memory. "
        "From scratch begins with smaller ones.",
        INT,
        {STANDARD: 16, CLASSIC: 45},
        2,
        256,
    ),
    Option(
        "learning_rate",
        "Learning rate",
        "How far each correction goes. Too small learns slowly, too large forgets what the network knew.",
        FLOAT,
        {STANDARD: 1e-4, CLASSIC: 1e-3},
        1e-6,
        0.1,
    ),
    Option(
        "dropout",
        "Dropout",
        "The share of the network that is switched off at random while it learns, against learning by heart.",
        FLOAT,
        {STANDARD: 0.2, CLASSIC: 0.3},
        0.0,
        0.9,
    ),
    Option(
        "l2",
        "L2",
        "How strongly weights are held back: for Quick toward where they started, otherwise toward nothing.",
        FLOAT,
        {QUICK: 0.3, STANDARD: 1e-5, CLASSIC: 1e-5},
        0.0,
        10.0,
    ),
    Option(
        "augmentation",
        "Augmentation",
        "Which variants of each photo are shown: none, its mirror image, or also other crops, colours and sharpness.",
        CHOICE,
        {QUICK: "mirror", STANDARD: "full", CLASSIC: "full"},
        choices=("none", "mirror", "full"),
    ),
    Option(
        "network",
        "Network",
        "The network to start from: that of the model in use, or one of the shipped ones.",
        CHOICE,
        {QUICK: "in use", STANDARD: "in use"},
        choices=("in use", "roomnet-large", "roomnet-compact"),
    ),
    Option(
        "validation_share",
        "For checking",
        "The share of the photos that is not trained on, but kept to check the model with.",
        FLOAT,
        {QUICK: 0.15, STANDARD: 0.15, CLASSIC: 0.15},
        0.05,
        0.5,
    ),
    Option(
        "seed",
        "Seed",
        "Another number gives another random order, and another choice of photos to check with.",
        INT,
        {QUICK: 0, STANDARD: 0, CLASSIC: 0},
        0,
        2**31 - 1,
    ),
)


def find_choice(recipe: str) -> RecipeChoice:
    """The recipe of that name.

    Raises:
        TrainingError: there is none.
    """
    found = next((choice for choice in RECIPES if choice.name == recipe), None)
    if found is None:
        names = ", ".join(choice.name for choice in RECIPES)
        raise TrainingError(f"There is no recipe “{recipe}”. Choose one of: {names}.")
    return found


def options_of(recipe: str) -> tuple[Option, ...]:
    """What can be changed about `recipe`."""
    return tuple(option for option in OPTIONS if recipe in option.defaults)


def check_option(recipe: str, name: str, value: Any) -> str:
    """What is wrong with `value`, as a sentence; empty where nothing is."""
    option = next((option for option in OPTIONS if option.name == name), None)
    if option is None:
        return f"There is no option “{name}”."
    if recipe not in option.defaults:
        return f"{option.title} does not apply to {find_choice(recipe).title}."
    if option.kind == CHOICE:
        return "" if value in option.choices else f"{option.title} must be one of: {', '.join(option.choices)}."
    number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = number and (option.kind == FLOAT or float(value).is_integer())
    if whole and option.low <= value <= option.high:  # NaN lies in no range
        return ""
    kind = "a whole number" if option.kind == INT else "a number"
    return f"{option.title} must be {kind} from {option.low:g} to {option.high:g}. Received: {value}"


def complete_options(recipe: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Every option of `recipe`: what was chosen, and else its default."""
    return {option.name: chosen.get(option.name, option.default(recipe)) for option in options_of(recipe)}
