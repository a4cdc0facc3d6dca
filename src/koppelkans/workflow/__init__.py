"""What is stale and why, and running it: tasks for pytask, notebooks, the environment."""
