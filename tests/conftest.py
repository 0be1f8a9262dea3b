"""What takes a while to make is made once, and only read."""

import pytest
from tests.training.tribes import SMALL, tribes

from shortlist.training.train import Trained, train


@pytest.fixture(scope="session")
def trained() -> Trained:
    """A model that was really trained, on the log of the two tribes."""
    return train(tribes(), SMALL)
