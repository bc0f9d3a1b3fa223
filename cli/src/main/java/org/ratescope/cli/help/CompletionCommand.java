package org.ratescope.cli.help;

import java.util.concurrent.Callable;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.UsageException;
import org.ratescope.spec.text.Wording;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code completion}. */
@Command(
    name = "completion",
    description = {
      "Print a script with which a shell completes commands and options.",
      "bash: add  source <(ratescope completion bash)  to ~/.bashrc; zsh: the same with zsh in"
          + " ~/.zshrc, after compinit; fish: write the output to"
          + " ~/.config/fish/completions/ratescope.fish."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope completion bash > /etc/bash_completion.d/ratescope",
      "  ratescope completion fish > ~/.config/fish/completions/ratescope.fish"
    })
public final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private String shell = "";

  @Override
  public Integer call() {
    String name = spec.root().name();
    String script =
        switch (shell) {
          case "bash", "zsh" -> AutoComplete.bash(name, spec.root().commandLine()); // for both
          case "fish" -> FishCompletion.script(spec.root());
          default -> throw new UsageException(Wording.unexpected(shell, "bash, zsh or fish"));
        };
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
    return ExitCode.SUCCESS;
  }
}
