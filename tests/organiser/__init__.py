"""Tests of the organiser's models."""
