"""When: the passes, the command line, and Prefect. The only home of Prefect and of the environment.

Start reading at `flows.harvest.read_source`: the data's way, from a source to a document, in one function.
"""
