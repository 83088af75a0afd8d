"""What the Ask page says, in the order of the screen."""

from prodsim.phrases import Plural, Text

PURPOSE = Text("Ask as a shopper would, in English, Chinese or German. The answers are products and their data.")
PLACEHOLDER = Text("What are you looking for?")

# Learning
LEARNING = Text("Learning")
LEARN = Text("Learn from choices")
LEARN_HELP = Text(
    "Stores the chosen SKU with those words of the question that the catalog uses, and nothing about the shopper."
)
CHOICES = Plural("{n:,} choice is stored.", "{n:,} choices are stored.")
DELETE_CHOICES = Text("Delete choices")
NEW_CONVERSATION = Text("New conversation")

# Questions
FOR_EXAMPLE = Text("For example:")
EARLIER = Text("{question}  →  {answer}")
UNDERSTOOD = Text("Understood:")
CHIP_HELP = Text("From “{words}”. Press to remove.")

# The answer
WRITE_ANSWER = Text("Put into words")
SENT = Text("This will be sent to {address}, with the name of the model and an instruction to add nothing:")
SEND = Text("Send")
EXPORT_NAME = Text("{catalog} answer")
SIMILAR_HELP = Text("More products like this one, within the same limits")
CHOSEN = Text("Choose")
CHOSEN_HELP = Text("This is the product that the shopper wanted. Similar questions will show it higher.")
REMEMBERED = Text("Stored for similar questions.")

# Follow-ups; the keys are questions that the page asks
FOLLOW_UPS = {"cheaper": Text("Cheaper"), "in stock": Text("In stock")}
