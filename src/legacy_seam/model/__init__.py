"""Models: trained by a recipe of the user, kept with all that they depend on, compared, and found stale.

| file | what it knows |
|---|---|
| `home` | the directory where the models of one name lie, and which of them is the champion |
| `recipes` | running the function of the user that makes an estimator |
| `given` | a model that was trained elsewhere |
| `storing` | an estimator as a file |
| `metrics` | how well answers foretell labels |
| `comparing` | whether a challenger is no worse than the champion |
| `training` | all of it |
| `staleness` | why a model should be trained again |

What production needs to read a model is `legacy_seam.experiment.model_files`.
"""
