"""What an article is: its text, its sameness, its topic. Pure: no network, no database, no clock.

The vocabulary, in the order of the data's way (one frozen dataclass each, in `articles.model`):

    Source --poll--> Answer --discover--> Link --fetch--> Answer --extract--> Article --judge--> Verdict

Nothing in this package imports anything else of Rasid, and every other package may import it.
"""
