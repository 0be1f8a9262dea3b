"""event -> fresher state and model, between trainings."""
