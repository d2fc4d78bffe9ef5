"""Bags: functions and texts as counted fragments and words, and the table that embeds them."""
