package org.ratescope.cli.process;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.function.BooleanSupplier;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.io.NativeLibraryException;
import org.ratescope.sweep.TooManyFailuresException;
import org.ratescope.yaml.StudyFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** Converts every exception of a command to a line on standard error and an exit code. */
public final class ExceptionHandlers
    implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Environment surroundings;
  private final BooleanSupplier stacktrace;

  public ExceptionHandlers(Environment surroundings, BooleanSupplier stacktrace) {
    this.surroundings = surroundings;
    this.stacktrace = stacktrace;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(surroundings.wrapped(name + ": " + e.getMessage()));
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("See '" + name + " --help'.");
    err.flush();
    return ExitCode.WRONG_CALL;
  }

  /** Executes the parsed command; an unavailable version or help text is a failure too. */
  public int execute(ParseResult parsed) {
    CommandLine command = parsed.commandSpec().commandLine();
    try {
      return new RunLast().execute(parsed);
    } catch (ParameterException e) {
      throw e; // the caller passes it to the handler above
    } catch (ExecutionException e) {
      return handle(e.getCause() == null ? e : e.getCause(), command);
    } catch (RuntimeException | Error e) {
      return handle(e, command);
    }
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return handle(e, command);
  }

  private int handle(Throwable e, CommandLine command) {
    PrintWriter err = command.getErr();
    boolean expected = e instanceof StudyFileException || e instanceof UsageException;
    if (e instanceof InterruptedException) {
      return ExitCode
          .FAILED; // the process was told to stop, and the shutdown hook prints a message
    }
    err.println(surroundings.wrapped("ratescope: " + message(e, expected)));
    if (stacktrace.getAsBoolean()) {
      e.printStackTrace(err);
    }
    err.flush();
    return expected ? ExitCode.WRONG_CALL : ExitCode.FAILED;
  }

  private String message(Throwable e, boolean expected) {
    String text = String.valueOf(e.getMessage());
    if (expected
        || e instanceof TooManyFailuresException
        || e instanceof FormatException
        || e instanceof NativeLibraryException) {
      return text;
    }
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return "no such file or folder: " + text;
    }
    if (e instanceof AccessDeniedException) {
      return "access denied: " + text;
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file with that name exists: " + text;
    }
    if (e instanceof NotDirectoryException) {
      return "not a folder: " + text;
    }
    boolean ofTheMachine = e instanceof IOException && e.getMessage() != null && !isBug(e);
    String hint = stacktrace.getAsBoolean() ? "" : " (--stacktrace prints the stack trace)";
    return ofTheMachine ? text : "unexpected error: " + (isBug(e) ? e.getCause() : e) + hint;
  }

  /** Whether an exception only wraps an unexpected one of a worker. */
  private static boolean isBug(Throwable e) {
    Throwable cause = e.getCause();
    return e instanceof IOException
        && (cause instanceof RuntimeException || cause instanceof Error)
        && cause.toString().equals(e.getMessage());
  }
}
