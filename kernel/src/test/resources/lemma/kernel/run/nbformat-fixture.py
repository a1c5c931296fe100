"""Writes nbformat.ipynb with nbformat 5.11.1: python nbformat-fixture.py > nbformat.ipynb"""
import sys
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

cells = [
    new_markdown_cell("# Title é 😀 <b>\n\n$a_b \\frac{1}{2}$\n", id="intro", attachments={"a.png": {"image/png": "AAAA"}}),
    new_code_cell("int a = 1;\n\nSystem.out.println(a);", id="first", execution_count=1, metadata={"tags": ["x"], "collapsed": False}, outputs=[
        new_output("stream", name="stdout", text="1\r\n2\x0b3\x1d\x854\ttab \x1b[31mred\x1b[0m\n"),
        new_output("display_data", {"text/plain": "a\nb", "image/png": "iVBORw0KGgo=\n", "image/svg+xml": "<svg>\n</svg>",
                                    "application/json": {"z": [1, 2.5, None, True, {}, []], "a": "x\ny"},
                                    "text/html": "<a href=\"x\">&amp;</a>"}, metadata={"image/png": {"width": 10}}),
        new_output("execute_result", {"text/plain": ""}, execution_count=1),
        new_output("error", ename="E", evalue="v", traceback=["one\ntwo", "three"]),
    ]),
    new_code_cell("", id="empty"),
    new_raw_cell("raw \\ \"quoted\" / \x7f", id="raw"),
]
notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "java", "display_name": "Java", "language": "java"}, "other": {"b": 1e-7, "a": 10}})
nbformat.validate(notebook)
nbformat.write(notebook, sys.stdout)
