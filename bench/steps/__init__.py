"""What is measured: a module a step, with measure(setting) -> rows of the table."""
