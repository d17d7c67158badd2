"""Judgement: pure functions over model values.

They read no clock, no file, no environment and no network; `now`, settings and candidates are arguments, so the same
input gives the same answer always. Everything that is decided says why, in words. Imports `model` and light libraries.
"""
