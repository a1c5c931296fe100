"""What PyTorch and scikit-learn reach on the split of papers/getting-started/digits-mlp.md; prints the numbers of the card.

A row of datasets/digits.csv is a test row when its number, from 0, divides by 5: 360 of 1,797. Pixels are divided by 16. The second
split has the last 360 rows for testing.
"""
import sys
import warnings
from pathlib import Path

import numpy as np
import sklearn
import torch
from sklearn.neural_network import MLPClassifier

EPOCHS, BATCH, RATE = 30, 64, 3e-3

table = np.loadtxt(Path(__file__).parents[4] / "datasets" / "digits.csv", delimiter=",", skiprows=1)
pixels, labels = table[:, :64] / 16, table[:, 64].astype(int)
rows = np.arange(len(labels))


def split(test):
    """Training pixels and labels, test pixels and labels."""
    return [torch.tensor(part) for mask in (~test, test) for part in (pixels[mask].astype(np.float32), labels[mask])]


def torch_accuracy(seed, x, y, x_test, y_test):
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.GELU(), torch.nn.Linear(128, 10))
    adam = torch.optim.Adam(net.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(y)).split(BATCH):
            adam.zero_grad()
            torch.nn.functional.cross_entropy(net(x[batch]), y[batch]).backward()
            adam.step()
    with torch.no_grad():
        return (net(x_test).argmax(1) == y_test).double().mean().item()


def sklearn_accuracy(seed, x, y, x_test, y_test):
    net = MLPClassifier((128,), activation="relu", solver="adam", alpha=0, batch_size=BATCH, learning_rate_init=RATE, max_iter=EPOCHS,
                        n_iter_no_change=EPOCHS + 1, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it stops after EPOCHS is intended
        return net.fit(x.numpy(), y.numpy()).score(x_test.numpy(), y_test.numpy())


def report(name, accuracies):
    print(f"{name}: mean {np.mean(accuracies):.4f}, sd {np.std(accuracies, ddof=1):.4f}, "
          f"{min(accuracies):.4f} to {max(accuracies):.4f}, {len(accuracies)} seeds", flush=True)


print(f"Python {sys.version.split()[0]}, PyTorch {torch.__version__}, scikit-learn {sklearn.__version__}, NumPy {np.__version__}")
torch.set_num_threads(1)
every_fifth, last = split(rows % 5 == 0), split(rows >= len(rows) - 360)
report("every fifth row: PyTorch, GELU", [torch_accuracy(seed, *every_fifth) for seed in range(20)])
report("every fifth row: scikit-learn, ReLU", [sklearn_accuracy(seed, *every_fifth) for seed in range(5)])
report("last 360 rows: PyTorch, GELU", [torch_accuracy(seed, *last) for seed in range(20)])
