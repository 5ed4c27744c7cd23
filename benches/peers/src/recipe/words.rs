//! The words that rules and messages are made of.

/// Those that rules are about.
pub(super) const COUNTRIES: [&str; 40] = [
    "EG", "SA", "AE", "JO", "DE", "FR", "GB", "US", "IT", "ES", "TR", "IN", "MA", "DZ", "TN", "LB", "KW",
    "QA", "OM", "BH", "IQ", "SD", "LY", "NL", "BE", "AT", "CH", "SE", "NO", "DK", "PL", "PT", "GR", "RO",
    "BR", "MX", "AR", "ZA", "NG", "KE",
];

/// One that no rule is about.
pub(super) const ELSEWHERE: &str = "NZ";

/// What customers ask for, one word each.
pub(super) const ABOUT: [&str; 24] = [
    "refund",
    "invoice",
    "delivery",
    "damaged",
    "cancel",
    "discount",
    "warranty",
    "exchange",
    "receipt",
    "tracking",
    "voucher",
    "password",
    "complaint",
    "wholesale",
    "installment",
    "catalogue",
    "missing",
    "courier",
    "payment",
    "pickup",
    "repair",
    "urgent",
    "manager",
    "coupon",
];

/// What shops sell.
pub(super) const THINGS: [&str; 41] = [
    "lamp", "jacket", "kettle", "phone", "charger", "sofa", "carpet", "mirror", "bicycle", "helmet",
    "blender", "pillow", "curtain", "laptop", "speaker", "camera", "watch", "wallet", "backpack", "sandals",
    "scarf", "perfume", "notebook", "printer", "keyboard", "monitor", "toaster", "heater", "teapot",
    "basket", "ladder", "drill", "hammer", "tent", "racket", "guitar", "puzzle", "cradle", "stroller",
    "candle", "vase",
];

/// What is said of it.
pub(super) const ADJECTIVES: [&str; 36] = [
    "blue",
    "black",
    "white",
    "green",
    "small",
    "large",
    "broken",
    "wooden",
    "leather",
    "golden",
    "silver",
    "electric",
    "folding",
    "cotton",
    "woolen",
    "plastic",
    "ceramic",
    "portable",
    "wireless",
    "vintage",
    "modern",
    "heavy",
    "striped",
    "printed",
    "painted",
    "kids",
    "steel",
    "copper",
    "round",
    "square",
    "double",
    "single",
    "cordless",
    "waterproof",
    "used",
    "handmade",
];

/// What the rest of a message is made of.
pub(super) const FILLERS: [&str; 64] = [
    "hello", "please", "i", "would", "like", "to", "know", "when", "my", "order", "will", "be", "here",
    "because", "the", "shop", "told", "me", "it", "is", "on", "its", "way", "since", "monday", "and",
    "nobody", "has", "called", "back", "thanks", "for", "your", "help", "can", "you", "tell", "what", "time",
    "do", "open", "today", "we", "bought", "two", "of", "them", "last", "week", "but", "they", "are", "not",
    "as", "in", "picture", "could", "send", "another", "one", "with", "a", "this", "good",
];
