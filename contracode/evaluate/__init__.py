"""Figures of a model beside honest baselines, with bootstrap intervals over files or
repositories.
"""
