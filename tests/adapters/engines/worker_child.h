#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace pingjia::tests {

/// One answer as it came over the pipe.
struct WorkerAnswer {
  std::vector<nlohmann::json> deltas;
  nlohmann::json end;  ///< done, scores or error.

  std::string text() const;
  std::string finish() const { return end.value("finish", ""); }
};

/// The real pingjia-llama-worker as a child process.
class WorkerChild {
 public:
  WorkerChild();
  ~WorkerChild();
  WorkerChild(const WorkerChild&) = delete;
  WorkerChild& operator=(const WorkerChild&) = delete;

  /// Says hello, loads `model` with these options, returns the ready (or error) line.
  nlohmann::json load(const std::string& model, nlohmann::json options = nlohmann::json::object());

  void send(const nlohmann::json& line) { send_text(line.dump()); }
  void send_text(const std::string& line);
  /// The next line of `type`; lines of requests that come before it are kept for `answer`.
  nlohmann::json next(const std::string& type);
  /// Waits for the end of request `id`.
  WorkerAnswer answer(const std::string& id);
  nlohmann::json stats();
  /// Ends the input and returns the exit code.
  int finish();

 private:
  nlohmann::json read_line();

  int pid_ = -1;
  int in_ = -1;  ///< Our end of its standard input.
  int out_ = -1;
  std::string unread_;
  std::vector<nlohmann::json> kept_;
};

/// A generate line with one user message.
nlohmann::json generate_line(const std::string& id, const std::string& question,
                             nlohmann::json more = nlohmann::json::object());

/// A folder for this test program's model files, emptied by nobody but the system.
std::string model_path(const std::string& name);

}  // namespace pingjia::tests
