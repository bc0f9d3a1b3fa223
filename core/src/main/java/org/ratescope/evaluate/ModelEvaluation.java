package org.ratescope.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ratescope.results.Estimate;
import org.ratescope.spec.Subset;

/**
 * The estimates of a model trained elsewhere.
 *
 * @param model the model
 * @param train the source of its training set
 * @param test the source of its test set
 * @param stored how the user's files store the images of a subset, and which value is white
 * @param skipped number and kind of the files of a folder that were not read, by subset
 * @param trainExamples number of training images
 * @param testExamples number of test images
 * @param seed the seed of the estimates
 * @param estimates the values, training set first
 */
public record ModelEvaluation(
    ModelFile model,
    ImagesReference train,
    ImagesReference test,
    Map<Subset, String> stored,
    Map<Subset, String> skipped,
    int trainExamples,
    int testExamples,
    long seed,
    List<Estimate> estimates) {
  public ModelEvaluation {
    stored = Map.copyOf(stored);
    skipped = Map.copyOf(skipped);
    estimates = List.copyOf(estimates);
  }

  /**
   * The facts under the names that the command line prints, in a fixed order: texts, numbers,
   * lists, maps.
   */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("architecture", model.architecture().text());
    fields.put("latentSize", model.latentSize());
    fields.put("likelihood", model.likelihood().text());
    fields.put("prior", model.prior().text());
    fields.put("precision", model.precision().text());
    fields.put("weights", model.weights().toString());
    fields.put("train", train.text());
    fields.put("test", test.text());
    for (Subset subset : Subset.values()) {
      put(fields, subset.text() + "Stored", stored.get(subset));
      put(fields, subset.text() + "Skipped", skipped.get(subset));
    }
    fields.put("trainExamples", trainExamples);
    fields.put("testExamples", testExamples);
    fields.put("seed", seed);
    fields.put("estimates", estimates.stream().map(Estimate::fields).toList());
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, @Nullable String text) {
    if (text != null) {
      fields.put(name, text);
    }
  }
}
