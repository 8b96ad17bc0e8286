"""Reads OpenAPI documents, and makes the tables of their operations that functions use.

It runs where functions are packaged, and where an app runs from its sources. No function has it.

``referencing`` resolves references, ``jsonschema`` holds a document against the schema of the OpenAPI Initiative, and
PyYAML reads it. The program needs all three anyway. Validators of whole documents bring nine packages more, and refuse
documents of real services for faults in operations that nobody asked for.
"""
