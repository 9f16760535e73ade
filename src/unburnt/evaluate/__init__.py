"""`unburnt evaluate`: how good the classifier is, on mail it has not seen, and how sure that is.

Light to import, since the command line shows `about`; what computes is imported when it runs.
"""
