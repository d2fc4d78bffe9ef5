"""Figures of models and baselines, with bootstrap intervals over groups.

`tasks/` has one file for each task of `contracode evaluate`; `clones/` compares programs, with one
file for each baseline in `clones/methods/`; `labels/` scores predicted types and names.
"""
