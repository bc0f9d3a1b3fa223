package org.ratescope.cli.study;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.ratescope.answer.Answer;
import org.ratescope.answer.AnswerText;
import org.ratescope.cli.option.ImagesOption;
import org.ratescope.cli.option.StudyOptions;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.Json;
import org.ratescope.study.Suite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code answer}. */
@Command(
    name = "answer",
    description = {
      "Say whether the rate term helps the models of a study generalise.",
      "For each model and split the test distortion at the best larger beta is compared with that at"
          + " the smallest beta, over restarts paired by seed. The verdict is helps, hurts, makes no"
          + " visible difference, not enough runs, or not converged. The exit code is 0 in all cases."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope answer study.yaml",
      "  ratescope answer study.yaml --json | jq -r '.comparisons[].verdict'"
    })
public final class AnswerCommand implements Callable<Integer> {
  private final Environment surroundings;

  @Spec private CommandSpec spec;

  @Mixin private final StudyOptions study;

  @Mixin private final ImagesOption images;

  @Option(
      names = "--json",
      description = "Print a JSON object with the numbers of every comparison.")
  private boolean json;

  public AnswerCommand(Environment surroundings) {
    this.surroundings = surroundings;
    this.study = new StudyOptions(surroundings);
    this.images = new ImagesOption(surroundings);
  }

  @Override
  public Integer call() throws IOException {
    Suite read = study.read();
    boolean unused = images.compare(read, study.store(), spec.commandLine().getErr());
    Elsewhere.hint(study, read, spec.commandLine().getErr());
    Answer answer = StudyServices.answer(read, study.existingStore());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.text(AnswerText.fields(answer)));
    } else {
      out.println(surroundings.wrapped(AnswerText.sentence(answer)));
      if (!answer.comparisons().isEmpty()) {
        out.println();
        AnswerText.lines(answer).forEach(line -> out.println(surroundings.wrapped(line)));
        out.println();
        out.println(surroundings.wrapped(AnswerText.note(answer)));
      }
    }
    out.flush();
    return ExitCode.SUCCESS;
  }
}
