"""taste -> events, with the truth known. No model may import it, and it imports no model."""

from shortlist.simulation.oracle import Limits
from shortlist.simulation.split import Split
from shortlist.simulation.state import NOTHING, Responses, State, Visits
from shortlist.simulation.world import Simulation, World

__all__ = ["NOTHING", "Limits", "Responses", "Simulation", "Split", "State", "Visits", "World"]
