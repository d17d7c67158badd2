"""Names to make people and companies of: few enough that many people share one."""

FIRST = (
    "Ada", "Alan", "Amina", "Anders", "Bea", "Carlos", "Chloe", "Dana", "Deniz", "Elena", "Emil", "Fatima", "Femi",
    "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jonas", "Julia", "Kai", "Kofi", "Lara", "Leo", "Lin", "Mara", "Mei",
    "Nadia", "Noah", "Olga", "Omar", "Paul", "Petra", "Priya", "Ravi", "Rosa", "Sam", "Tariq", "Uma", "Zoe",
)  # fmt: skip
LAST = (
    "Abe", "Adeyemi", "Andersen", "Baker", "Bauer", "Castillo", "Chen", "Cohen", "Costa", "Dubois", "Egger", "Evans",
    "Fischer", "Garcia", "Gupta", "Hansen", "Ibrahim", "Ito", "Jansen", "Kaya", "Kim", "Kowalski", "Lindqvist",
    "Lopez", "Martin", "Meyer", "Mbeki", "Nguyen", "Novak", "Okafor", "Patel", "Pereira", "Rossi", "Ruiz", "Sato",
    "Schmidt", "Silva", "Smith", "Tanaka", "Weber",
)  # fmt: skip
WORDS = (
    "alder", "amber", "anchor", "arch", "ash", "atlas", "beacon", "birch", "blue", "bridge", "cedar", "clear", "cliff",
    "cobalt", "copper", "coral", "crest", "delta", "drift", "east", "ember", "falcon", "fern", "field", "flint",
    "forge", "garnet", "glen", "granite", "green", "harbor", "hawk", "hazel", "heron", "high", "iron", "ivory", "jade",
    "juniper", "lake", "larch", "lark", "linden", "maple", "marble", "meadow", "mill", "moss", "north", "oak", "onyx",
    "opal", "orchid", "otter", "pearl", "pine", "quartz", "raven", "reed", "ridge", "river", "robin", "rowan", "ruby",
    "sable", "sage", "silver", "slate", "south", "spruce", "stone", "summit", "swift", "thorn", "tide", "vale",
    "walnut", "west", "willow", "wren",
)  # fmt: skip
