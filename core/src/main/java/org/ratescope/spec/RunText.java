package org.ratescope.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.text.Wording;

/** Reads what {@link RunSpec#canonical} wrote, so that a run can be sent as one line of text. */
final class RunText {
  private static final Pattern FIELDS =
      Pattern.compile(
          "data=(?<data>.*);split=(?<split>[^;]*);architecture=(?<architecture>[^;]*)"
              + ";latent=(?<latent>\\d+);likelihood=(?<likelihood>[^;]*)"
              + ";betaMi=(?<betaMi>[^;]*);betaKl=(?<betaKl>[^;]*)"
              + ";iterations=(?<iterations>\\d+);batch=(?<batch>\\d+)"
              + ";learningRate=(?<learningRate>[^;]*);precision=(?<precision>[^;]*)"
              + ";seed=(?<seed>-?\\d+)(;stopping=(?<stopping>.*))?");

  private RunText() {}

  static RunSpec parse(String text) {
    Matcher fields = FIELDS.matcher(text);
    if (!fields.matches()) {
      throw new IllegalArgumentException(Wording.unexpected(text, "the canonical text of a run"));
    }
    RunSpec run =
        new RunSpec(
            DataSpec.parse(fields.group("data")),
            Split.parse(fields.group("split")),
            Architecture.parse(fields.group("architecture")),
            Integer.parseInt(fields.group("latent")),
            Likelihood.parse(fields.group("likelihood")),
            new Objective(number(fields, "betaMi"), number(fields, "betaKl")),
            training(fields),
            Long.parseLong(fields.group("seed")));
    if (!run.canonical().equals(text)) {
      throw new IllegalArgumentException(
          "got '%s', which is not canonical: '%s' would be".formatted(text, run.canonical()));
    }
    return run;
  }

  private static Training training(Matcher fields) {
    String stopping = fields.group("stopping");
    return new Training(
        Integer.parseInt(fields.group("iterations")),
        Integer.parseInt(fields.group("batch")),
        number(fields, "learningRate"),
        Precision.parse(fields.group("precision")),
        Stopping.parse(stopping == null ? "never" : stopping));
  }

  private static double number(Matcher fields, String key) {
    return Double.parseDouble(fields.group(key));
  }
}
