"""Byte-pair encoding: pairs learnt by counting all pairs anew before each step, and encodings by Hugging Face's tokenizers.

Writes src/test/resources/lemma/data/bpe.json; run in toolkit/ with tokenizers and regex installed.
"""
import collections
import json

import regex
import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

PIECE = r" ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|[ \t\n\x0B\f\r]+"
TEXT = """It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness,
it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness,
it was the spring of hope, it was the winter of despair. In 1859, in 1775:  aaaaaaaaa aaaaa.
Der Fluß führt Kähne; où êtes-vous? Ελλάδα, Ελληνικά. 東京 東京都 🙂🙂🙃 नमस्ते
"""
SAMPLES = ["It was the best of times", "the the  the\n\n\tthe", "aaaaaaa aaa", "Ελλάδα 🙂🙃🙂 東京", "Fluß 1859 18591775 ?!?", "", " ", "नमस्ते é é", "winterspring"]


def train(text, size):
    words = collections.Counter(tuple(p.encode()) for p in regex.findall(PIECE.replace(r"\s", r" \t\n\x0B\f\r"), text))
    merges = []
    while 256 + len(merges) < size:
        pairs = collections.Counter()
        for word, n in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += n
        pair = min(pairs, key=lambda p: (-pairs[p], p), default=None)
        if pair is None or pairs[pair] < 2:
            break
        merges.append(pair)
        words = collections.Counter({joined(word, pair, 255 + len(merges)): n for word, n in words.items()})
    return merges


def joined(word, pair, token):
    out, i = [], 0
    while i < len(word):
        here = word[i:i + 2] == pair
        out.append(token if here else word[i])
        i += 1 + here
    return tuple(out)


def library(merges):
    """The library's tokenizer with these pairs; its bytes are printable characters."""
    printable = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or b >= 174]
    sign = {b: chr(b) for b in printable} | {b: chr(256 + i) for i, b in enumerate(b for b in range(256) if b not in printable)}
    tokens = [sign[b] for b in range(256)]
    for a, b in merges:
        tokens.append(tokens[a] + tokens[b])
    assert len(set(tokens)) == len(tokens)
    bpe = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, [(tokens[a], tokens[b]) for a, b in merges]))
    bpe.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(PIECE.replace(r"\s", r" \t\n\x0B\f\r")), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    bpe.decoder = decoders.ByteLevel()
    return bpe


merges = train(TEXT, 400)
bpe = library(merges)
for sample in SAMPLES + [TEXT]:
    assert bpe.decode(bpe.encode(sample).ids) == sample
json.dump({"tokenizers": tokenizers.__version__, "text": TEXT, "merges": merges,
           "encodings": [{"text": s, "tokens": bpe.encode(s).ids} for s in SAMPLES + [TEXT]]}, open("src/test/resources/lemma/data/bpe.json", "w"), indent=1)
print(len(merges), "pairs", len(bpe.encode(TEXT).ids), "tokens")
