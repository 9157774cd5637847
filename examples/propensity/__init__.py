"""A model for Halloran Receivables: how likely is it that an account pays within thirty days?"""
