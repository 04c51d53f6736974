#include "tests/adapters/engines/worker_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

namespace pingjia::tests {
namespace {

constexpr int kPatienceMs = 120000;

}  // namespace

std::string WorkerAnswer::text() const {
  std::string all;
  for (const auto& delta : deltas) {
    all += delta.at("text").get<std::string>();
  }
  return all;
}

WorkerChild::WorkerChild() {
  signal(SIGPIPE, SIG_IGN);
  int to[2];
  int from[2];
  if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipes");
  }
  const std::string program = std::string(PINGJIA_PROGRAMS_DIR) + "/pingjia-llama-worker";
  pid_ = fork();
  if (pid_ == 0) {
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    execl(program.c_str(), program.c_str(), nullptr);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  in_ = to[1];
  out_ = from[0];
}

WorkerChild::~WorkerChild() {
  if (in_ >= 0) {
    close(in_);
  }
  close(out_);
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
}

void WorkerChild::send_text(const std::string& line) {
  const std::string bytes = line + "\n";
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = write(in_, bytes.data() + sent, bytes.size() - sent);
    if (count <= 0) {
      throw std::runtime_error("the worker takes no input");
    }
    sent += static_cast<std::size_t>(count);
  }
}

nlohmann::json WorkerChild::read_line() {
  for (;;) {
    const std::size_t end = unread_.find('\n');
    if (end != std::string::npos) {
      const std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return nlohmann::json::parse(line);
    }
    pollfd wait{out_, POLLIN, 0};
    char buffer[65536];
    if (poll(&wait, 1, kPatienceMs) <= 0) {
      throw std::runtime_error("the worker says nothing");
    }
    const ssize_t count = read(out_, buffer, sizeof buffer);
    if (count <= 0) {
      throw std::runtime_error("the worker has gone");
    }
    unread_.append(buffer, static_cast<std::size_t>(count));
  }
}

nlohmann::json WorkerChild::load(const std::string& model, nlohmann::json options) {
  send({{"type", "hello"}, {"protocol", 1}, {"client", "test"}});
  if (next("hello").at("protocol") != 1) {
    throw std::runtime_error("another protocol");
  }
  options["model"] = model;
  send({{"type", "load"}, {"options", options}});
  return read_line();
}

nlohmann::json WorkerChild::next(const std::string& type) {
  for (;;) {
    nlohmann::json line = read_line();
    if (line.at("type") == type) {
      return line;
    }
    kept_.push_back(std::move(line));
  }
}

WorkerAnswer WorkerChild::answer(const std::string& id) {
  WorkerAnswer answer;
  std::vector<nlohmann::json> others;
  std::size_t at = 0;
  for (bool ended = false; !ended;) {
    nlohmann::json line = at < kept_.size() ? kept_[at++] : read_line();
    if (line.value("id", "") != id) {
      others.push_back(std::move(line));
    } else if (line.at("type") == "delta") {
      answer.deltas.push_back(std::move(line));
    } else {
      answer.end = std::move(line);
      ended = true;
    }
  }
  others.insert(others.end(), kept_.begin() + static_cast<std::ptrdiff_t>(at), kept_.end());
  kept_ = std::move(others);
  return answer;
}

nlohmann::json WorkerChild::stats() {
  send({{"type", "stats"}});
  return next("stats").at("details");
}

int WorkerChild::finish() {
  close(in_);
  in_ = -1;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

nlohmann::json generate_line(const std::string& id, const std::string& question,
                             nlohmann::json more) {
  more["type"] = "generate";
  more["id"] = id;
  more["messages"] = {{{"role", "user"}, {"content", question}}};
  return more;
}

std::string model_path(const std::string& name) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("pingjia-worker-test-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  return folder / name;
}

}  // namespace pingjia::tests
