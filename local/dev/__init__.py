"""``make dev``: the app on this machine, without AWS and the emulator. Each change counts as soon as it is saved."""
