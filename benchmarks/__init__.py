"""What is measured about speed. Each module measures one subject; `python -m benchmarks` prints them all as JSON."""
