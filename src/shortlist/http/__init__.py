"""What every request passes, whoever answers it: its size, time and turn, and statuses."""
