"""Detect the language of nine sentences."""

from langdetect import detect, detect_langs

for text in (
    "The quick brown fox jumps over the lazy dog near the river bank",
    "Der schnelle braune Fuchs springt über den faulen Hund",
    "Le renard brun rapide saute par-dessus le chien paresseux",
    "El rápido zorro marrón salta sobre el perro perezoso",
    "Быстрая коричневая лиса перепрыгивает через ленивую собаку",
    "素早い茶色の狐がのろまな犬を飛び越える",
    "ok maybe si",
    "1234 5678",
    "Otec matka syn",
):
    try:
        print(detect(text), detect_langs(text))
    except Exception as error:
        print(type(error).__name__, error)
