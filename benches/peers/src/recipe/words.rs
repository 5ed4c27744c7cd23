//! The words of the rules and messages.

/// The countries that rules test.
pub(super) const COUNTRIES: [&str; 40] = [
    "EG", "SA", "AE", "JO", "DE", "FR", "GB", "US", "IT", "ES", "TR", "IN", "MA", "DZ", "TN", "LB", "KW",
    "QA", "OM", "BH", "IQ", "SD", "LY", "NL", "BE", "AT", "CH", "SE", "NO", "DK", "PL", "PT", "GR", "RO",
    "BR", "MX", "AR", "ZA", "NG", "KE",
];

/// A country that no rule tests.
pub(super) const OTHER_COUNTRY: &str = "NZ";

/// The topics of messages, one word each.
pub(super) const TOPICS: [&str; 24] = [
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

/// The articles that shops sell.
pub(super) const ARTICLES: [&str; 41] = [
    "lamp", "jacket", "kettle", "phone", "charger", "sofa", "carpet", "mirror", "bicycle", "helmet",
    "blender", "pillow", "curtain", "laptop", "speaker", "camera", "watch", "wallet", "backpack", "sandals",
    "scarf", "perfume", "notebook", "printer", "keyboard", "monitor", "toaster", "heater", "teapot",
    "basket", "ladder", "drill", "hammer", "tent", "racket", "guitar", "puzzle", "cradle", "stroller",
    "candle", "vase",
];

/// The adjectives of articles.
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

/// The other words of messages.
pub(super) const FILLERS: [&str; 64] = [
    "hello", "please", "i", "would", "like", "to", "know", "when", "my", "order", "will", "be", "here",
    "because", "the", "shop", "told", "me", "it", "is", "on", "its", "way", "since", "monday", "and",
    "nobody", "has", "called", "back", "thanks", "for", "your", "help", "can", "you", "tell", "what", "time",
    "do", "open", "today", "we", "bought", "two", "of", "them", "last", "week", "but", "they", "are", "not",
    "as", "in", "picture", "could", "send", "another", "one", "with", "a", "this", "good",
];
