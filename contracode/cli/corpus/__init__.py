"""The verb `corpus`: a module per group of actions.

An action is added by a function `add_*(actions)` that sets `act`, the function that runs it.
"""
