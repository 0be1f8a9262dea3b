from tests.datasets.importers.sample import bench

__all__ = ["bench"]
