"""How the study is built: the tasks, the execution of notebooks, and the report."""
