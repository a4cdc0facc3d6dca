"""pytask: no tasks, but the progress of all of them; pytask hands its plugin manager to whoever asks."""

from pytask import storage

from koppelkans.workflow.progress import Progress

storage.get().register(Progress())
