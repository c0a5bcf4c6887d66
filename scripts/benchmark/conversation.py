"""What other people in the room, or on television, say: sentences without a command in them.

Some hold the very words of a command in another sense, as talk does; none is the phrase a person
in pain would cry.
"""

SENTENCES = (
    "Did you remember to buy milk on the way home?",
    "I think the bus leaves at a quarter past seven.",
    "She said the garden looks lovely at this time of the year.",
    "We could paint the kitchen yellow, or leave it plain.",
    "My brother works at the hospital and comes home late.",
    "There is a shop on the corner that sells good bread.",
    "They have been talking about the weather all morning.",
    "I would like a large coffee with a little sugar, please.",
    "What time does the train to the city arrive?",
    "The children went out to play with the dog from next door.",
    "He told me the whole story, and I could not believe it.",
    "Let us have dinner outside if it does not rain.",
    "That was the best film I have seen in years.",
    "I sent you a text about the meeting on Thursday.",
    "Her daughter hates maths but loves to read.",
    "You can put the boxes on the top shelf.",
    "The heart of the matter is that we need more time.",
    "It works much better since they repaired it.",
    "Somebody left the window open, and the cat got out.",
    "I heard that the road to the coast is closed again.",
    "The doctor said he should walk a little every day.",
    "We watched the news and then went to bed early.",
    "How many people are coming to the party on Saturday?",
    "The last time I saw them was before the summer.",
    "He plays the piano, and she sings in a choir.",
    "I have to finish this report before the weekend.",
    "The soup needs a pinch of salt and some pepper.",
    "Our neighbours are moving to another town in spring.",
    "It is only a short walk from the bus stop to the office.",
    "They stopped selling those shoes a long time ago.",
    "She has a painful memory of that house.",
    "I looked for my keys everywhere, even under the couch.",
    "The next door neighbour has a new car.",
    "We went back to the hotel because it was so hot.",
    "Nothing hurts him more than losing at cards.",
    "No, I do not think so, but ask your mother.",
    "Yes, of course, that is what I told him yesterday.",
    "Could you turn the music down a little?",
    "The plane was delayed for almost three hours.",
    "I never know what to wear when it is this cold.",
    "He went to the market for apples and came home with a hat.",
    "Well, that depends on how much it costs.",
    "The teacher repeated the question, and nobody answered.",
    "We paused at the top of the hill to look at the view.",
    "Have you ever been to that restaurant near the station?",
    "I always forget the name of that actor.",
    "It has been raining since Monday, and the cellar is wet.",
    "You were right, the blue one looks much nicer.",
)

WORDS = (
    *("up", "down", "left", "right", "on", "off", "go", "one", "two", "three", "six", "seven"),
    *("happy", "house", "bird", "tree", "water", "coffee", "paper", "window", "Monday", "Peter"),
    *("hello", "thanks", "okay", "maybe", "really", "sorry", "shop", "hearts", "rain", "pin"),
    *("step", "top", "spot", "couch", "parts", "hats", "red", "bread", "deck", "bead"),
)
"""Single words that are no command; the last two lines sound like one."""
